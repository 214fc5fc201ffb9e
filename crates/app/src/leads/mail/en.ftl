lead-subject = A lead for { $offer }: { $name }, { $company }
lead-body =
    { $name } of { $company } agreed to be contacted about { $offer } ({ $address }).

    E-mail: { $email }

    Phone: { $phone }

    Title: { $title }

    Country: { $country }

    What they did: { $action } (PLT: asked to be contacted; INS: installed)
lead-on-deal-subject = { $company } asks for more licenses of { $offer }
lead-on-deal-body =
    { $name } of { $company } asks for { $seats ->
        [one] one more seat
       *[other] { $seats } more seats
    } of { $service }, under your deal { $deal }.

    Note: { $note }

    E-mail: { $email }

    Phone: { $phone }

    Title: { $title }

    Country: { $country }

    Nothing is granted until you update the licenses of a deal.
