footer = This message comes from the marketplace at { $url }.
