mod directory;
mod tokens;
