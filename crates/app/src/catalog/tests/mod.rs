mod listing;
mod offers_and_plans;
mod pages;
mod plans;
