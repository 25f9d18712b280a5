"""An invented export of SP4N-LAPOR! with the oddities that real ones hold, labelled as they are made."""
