lead-subject = A lead for { $offer }: { $name }, { $company }
lead-body =
    { $name } of { $company } agreed to be contacted about { $offer } ({ $address }).

    E-mail: { $email }

    Phone: { $phone }

    Title: { $title }

    Country: { $country }

    What they did: { $action } (PLT: asked to be contacted; INS: installed)
