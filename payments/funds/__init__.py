"""Public money that lies with the platform: paid in for a pool or programme, withdrawn by two persons."""
