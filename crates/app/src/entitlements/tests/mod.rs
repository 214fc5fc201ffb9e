mod checks;
mod enforcement;
mod floods;
mod following;
mod index;
