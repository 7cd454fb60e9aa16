import { render } from "preact";
import { App } from "./app";
import { returnToCall } from "./agent/return_to_call";
import { resume } from "./session";
import "./styles/base.css";
import "./styles/admin.css";
import "./styles/agent.css";
import "./styles/recordings.css";
import "./styles/wall.css";
import "./styles/reports.css";
import "./styles/orders.css";
import "./styles/knowledge.css";

const root = document.getElementById("desk");
if (root) render(<App />, root);
returnToCall();
void resume();
