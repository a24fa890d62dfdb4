module sluice.example/signing

go 1.21
