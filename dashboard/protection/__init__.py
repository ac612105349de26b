"""Who may do what, and later what may be published. Pure: values in, values out."""
