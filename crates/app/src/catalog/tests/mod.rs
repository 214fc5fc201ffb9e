mod offers_and_plans;
mod pages;
