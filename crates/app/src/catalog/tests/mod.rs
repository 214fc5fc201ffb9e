mod offers_and_plans;
