module shimboot

go 1.25.0
