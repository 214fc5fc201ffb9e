mod checks;
mod enforcement;
mod following;
