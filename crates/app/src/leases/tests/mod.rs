mod keys;
mod leases;
mod seats;
