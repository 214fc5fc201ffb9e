mod certification;
mod going_live;
mod under_review;
