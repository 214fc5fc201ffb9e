mod crawler;
mod deals;
mod forms;
mod offers;
mod operator;
mod publisher;
mod texts;
