mod model;
mod paths;
