mod crawler;
mod deals;
mod forms;
mod offers;
mod operator;
mod texts;
