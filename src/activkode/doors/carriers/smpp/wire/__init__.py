"""The SMPP 3.4 wire format: octets to values and back. Knows no setting and no message of ours, so that the
receiver and the demo's SMSC can both speak it."""
