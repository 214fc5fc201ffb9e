mod directory;
mod guessing;
mod pages;
mod setup;
mod tokens;
