mod certification;
mod going_live;
