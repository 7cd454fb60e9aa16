// Photos and documents of a work order.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { tellError } from "../parts/toasts";
import { upload } from "../rest";
import { _ } from "../texts";
import { done } from "./order_requests";
import type { Order } from "./order_types";

const KINDS = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.xlsx";

export function OrderFiles({ order, mayAttach }: { order: Order; mayAttach: boolean }): JSX.Element | null {
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState(false);
  const send = async (files: FileList | null): Promise<void> => {
    setSending(true);
    try {
      for (const file of files ?? [])
        await upload(`/orders/${order.order}/files?name=${encodeURIComponent(file.name)}`, file);
    } catch (error) {
      tellError(error);
    }
    if (input.current) input.current.value = "";
    setSending(false);
    done.value += 1;
  };
  if (order.files.length === 0 && !mayAttach) return null;
  return (
    <section aria-labelledby="files-title">
      <h3 id="files-title">{_("Files")}</h3>
      <ul>
        {order.files.map((file) => (
          <li key={file.file}>
            <a href={`/api/v1/orders/${order.order}/files/${file.file}`} download={file.name}>
              {file.name}
            </a>{" "}
            <span class="quiet">{_("{size} KB", { size: Math.ceil(file.size / 1024) })}</span>
          </li>
        ))}
      </ul>
      {mayAttach && (
        <label class="field no-print">
          {_("Attach photos or documents")}
          <input
            ref={input}
            type="file"
            multiple
            accept={KINDS}
            disabled={sending}
            onChange={(event) => void send(event.currentTarget.files)}
          />
        </label>
      )}
    </section>
  );
}
