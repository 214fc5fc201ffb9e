mod checks;
mod enforcement;
mod following;
mod index;
