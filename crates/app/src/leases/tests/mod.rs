mod keys;
mod leases;
mod pages;
mod seats;
