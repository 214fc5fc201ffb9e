mod directory;
mod guessing;
mod pages;
mod passwords;
mod setup;
mod tokens;
