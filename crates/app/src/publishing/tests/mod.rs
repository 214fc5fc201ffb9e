mod certification;
mod going_live;
mod plans;
mod under_review;
