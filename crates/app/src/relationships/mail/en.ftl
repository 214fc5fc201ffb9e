invitation-subject = { $publisher } asks for your consent
invitation-body =
    { $publisher } asks your organisation for consent to provision licenses of its offers to you.

    A global or a billing administrator of your organisation can accept. Until then nothing is established. The link is good for one organisation and { $days } days.
invitation-action = See who asks, and decide
