"""The desk (工作台): the web process. It asks the engine over the control socket, and reads the call database."""
