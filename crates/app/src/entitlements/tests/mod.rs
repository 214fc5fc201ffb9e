mod checks;
mod enforcement;
