// The shell's behaviour on every page; each part is small and works on server-rendered markup.
import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";

import { startAdded } from "./lib/added";
import { startClock } from "./lib/clock";
import { startCountdowns } from "./lib/countdown";
import { startDrafts } from "./lib/drafts";
import { startForms } from "./lib/forms";
import { startKeys } from "./lib/keys";
import { startLists } from "./lib/list";
import { startLive } from "./lib/live_client";
import { startMenus } from "./lib/menus";
import { startPalette } from "./lib/palette";
import { startPatience } from "./lib/patience";
import { startPersonal } from "./lib/personal";
import { startPlaces } from "./lib/places";
import { startRevealed } from "./lib/revealed";
import { startScrolls } from "./lib/scrolls";
import { startSheet } from "./lib/sheet";
import { startSteady } from "./lib/steady";
import { startToasts } from "./lib/toasts";
import { startWays } from "./lib/ways";

window.htmx = htmx;
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: none of them is kept in the browser's storage
htmx.config.refreshOnHistoryMiss = true;
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.attributesToSettle = []; // no fading in: what arrives is as it is
htmx.config.defaultSettleDelay = 0;
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

startClock();
startCountdowns();
startToasts();
startMenus();
startPersonal();
startDrafts();
startAdded();
startSheet();
startLists();
startPalette();
startPatience();
startPlaces();
startRevealed();
startScrolls();
startWays();
startSteady(); // after all that changes what was swapped in, before what moves the window on purpose
startForms();
startKeys();
startLive();
Alpine.start();
