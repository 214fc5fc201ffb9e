mod directory;
mod guessing;
mod setup;
mod tokens;
