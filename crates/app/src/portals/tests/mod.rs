mod crawler;
mod deals;
mod files;
mod forms;
mod offers;
mod operator;
mod publisher;
mod texts;
