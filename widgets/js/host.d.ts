import type { Filters } from "./index.js";

export interface Frame {
  readonly iframe: HTMLIFrameElement;
  addEventListener(name: string, listener: (event: CustomEvent) => void): void;
  removeEventListener(name: string, listener: (event: CustomEvent) => void): void;
  setAttributes(attributes: Record<string, string | null>, widget?: number): void;
  setFilters(filters: Partial<Filters>): void;
  refresh(): void;
  remove(): void;
}

export declare function createFrame(
  container: Element,
  options: {
    /** Address of `frame.html`. */
    src: string | URL;
    /** Names the frame for screen readers. */
    title: string;
    widget?: string | readonly string[];
    widgets?: readonly ({ tag: string } & Record<string, string>)[];
    [attribute: string]: unknown;
  },
): Frame;
