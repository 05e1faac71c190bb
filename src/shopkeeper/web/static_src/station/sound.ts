// The station's voice: distinct tones and short phrases, interruptible, muted per station.
import { chinese } from "../lib/words";

export type Verdict = "good" | "warn" | "bad";

const TONES: Record<Verdict, [frequency: number, ms: number][]> = {
  good: [[880, 70], [1320, 110]],
  warn: [[660, 120], [660, 120]],
  bad: [[220, 220], [165, 320]],
};

const KEY = "sk-muted";
let context: AudioContext | null = null;
export let muted = localStorage.getItem(KEY) === "1";

export function setMuted(value: boolean): void {
  muted = value;
  localStorage.setItem(KEY, value ? "1" : "0");
  if (value) window.speechSynthesis?.cancel();
}

export function play(verdict: Verdict): void {
  if (muted || typeof AudioContext === "undefined") return;
  if (!context && navigator.userActivation?.hasBeenActive === false) return; // a browser sounds nothing before a first touch
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  let at = context.currentTime;
  for (const [frequency, ms] of TONES[verdict]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = verdict === "bad" ? "square" : "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(verdict === "bad" ? 0.12 : 0.2, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + ms / 1000);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + ms / 1000);
    at += ms / 1000 + 0.03;
  }
}

export function speak(text: string): void {
  if (muted || !text || !("speechSynthesis" in window)) return;
  window.speechSynthesis.cancel();
  const phrase = new SpeechSynthesisUtterance(text);
  phrase.lang = chinese ? "zh-CN" : "en-GB";
  phrase.rate = 1.2;
  window.speechSynthesis.speak(phrase);
}
