// A report that an answer is wrong (查漏纠错). The unit that keeps the article gets the report.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { TextField } from "../parts/fields";
import { tell } from "../parts/toasts";
import { _ } from "../texts";
import { actOnArticle } from "./knowledge_requests";

interface ReportDialogProps {
  article: string;
  title: string;
  call: string | null;
  onClose: () => void;
}

export function ReportDialog({ article, title, call, onClose }: ReportDialogProps): JSX.Element {
  const [text, setText] = useState("");
  const send = async (): Promise<void> => {
    const done = await actOnArticle(article, "report", { text, ...(call ? { call_id: call } : {}) });
    if (!done) return;
    tell("done", _("Reported"), title);
    onClose();
  };
  return (
    <Dialog title={_("Report a wrong answer")} onClose={onClose}>
      <p>{title}</p>
      <TextField label={_("What is wrong")} value={text} onChange={setText} lines={4} />
      <div class="acts">
        <Button onPress={send} look="main" disabled={!text.trim()}>
          {_("Send the report")}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
