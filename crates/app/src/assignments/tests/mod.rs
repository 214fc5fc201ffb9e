mod paths;
mod requests;
