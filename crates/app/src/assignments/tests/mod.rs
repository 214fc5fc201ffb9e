mod leaving;
mod paths;
mod requests;
