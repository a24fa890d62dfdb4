module sluice.example/openapi

go 1.23

require (
	sluice.example/generated/sluiceapi v0.0.0
	sluice.example/signing v0.0.0
)

require gopkg.in/validator.v2 v2.0.1 // indirect

replace (
	sluice.example/generated/sluiceapi => ./generated
	sluice.example/signing => ../../signing/go
)
