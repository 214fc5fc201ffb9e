mod rows;
mod vectors;
