// Fluent's own icons, as the path to draw and the size it was drawn for. Generic glyphs only: no product logos.
import add from "@fluentui/svg-icons/icons/add_20_regular.svg?raw";
import arrowDown from "@fluentui/svg-icons/icons/arrow_down_16_regular.svg?raw";
import arrowLeft from "@fluentui/svg-icons/icons/arrow_left_20_regular.svg?raw";
import arrowUp from "@fluentui/svg-icons/icons/arrow_up_16_regular.svg?raw";
import calendar from "@fluentui/svg-icons/icons/calendar_20_regular.svg?raw";
import checkmarkCircle from "@fluentui/svg-icons/icons/checkmark_circle_16_filled.svg?raw";
import checkmark from "@fluentui/svg-icons/icons/checkmark_20_regular.svg?raw";
import circle from "@fluentui/svg-icons/icons/circle_16_regular.svg?raw";
import cloud from "@fluentui/svg-icons/icons/cloud_24_regular.svg?raw";
import copy from "@fluentui/svg-icons/icons/copy_20_regular.svg?raw";
import dismiss from "@fluentui/svg-icons/icons/dismiss_20_regular.svg?raw";
import documentGlobe from "@fluentui/svg-icons/icons/document_globe_24_regular.svg?raw";
import documentTable from "@fluentui/svg-icons/icons/document_table_24_regular.svg?raw";
import errorCircle from "@fluentui/svg-icons/icons/error_circle_16_filled.svg?raw";
import eyeOff from "@fluentui/svg-icons/icons/eye_off_20_regular.svg?raw";
import eye from "@fluentui/svg-icons/icons/eye_20_regular.svg?raw";
import flow from "@fluentui/svg-icons/icons/molecule_24_regular.svg?raw";
import gavel from "@fluentui/svg-icons/icons/gavel_24_regular.svg?raw";
import info from "@fluentui/svg-icons/icons/info_16_filled.svg?raw";
import mail from "@fluentui/svg-icons/icons/mail_24_regular.svg?raw";
import notebook from "@fluentui/svg-icons/icons/notebook_24_regular.svg?raw";
import open from "@fluentui/svg-icons/icons/open_20_regular.svg?raw";
import peopleTeam from "@fluentui/svg-icons/icons/people_team_24_regular.svg?raw";
import personKey16 from "@fluentui/svg-icons/icons/person_key_16_filled.svg?raw";
import personKey from "@fluentui/svg-icons/icons/person_key_24_regular.svg?raw";
import phoneLaptop from "@fluentui/svg-icons/icons/phone_laptop_24_regular.svg?raw";
import plug from "@fluentui/svg-icons/icons/plug_connected_24_regular.svg?raw";
import search from "@fluentui/svg-icons/icons/search_20_regular.svg?raw";
import settings from "@fluentui/svg-icons/icons/settings_24_regular.svg?raw";
import shield from "@fluentui/svg-icons/icons/shield_24_regular.svg?raw";
import subtractCircle from "@fluentui/svg-icons/icons/subtract_circle_16_regular.svg?raw";
import warning from "@fluentui/svg-icons/icons/warning_16_filled.svg?raw";

import type { Integration } from "../backend";
import type { Tone } from "../words";

export interface Glyph {
  path: string;
  size: number;
}

export const ICON = {
  add: glyph(add, 20),
  arrowDown: glyph(arrowDown, 16),
  arrowLeft: glyph(arrowLeft, 20),
  arrowUp: glyph(arrowUp, 16),
  calendar: glyph(calendar, 20),
  checkmark: glyph(checkmark, 20),
  copy: glyph(copy, 20),
  dismiss: glyph(dismiss, 20),
  eye: glyph(eye, 20),
  eyeOff: glyph(eyeOff, 20),
  open: glyph(open, 20),
  plug: glyph(plug, 24),
  search: glyph(search, 20),
  settings: glyph(settings, 24),
  skipped: glyph(subtractCircle, 16),
  signIn: glyph(personKey16, 16),
} satisfies Record<string, Glyph>;

export const TONE_ICON: Record<Tone, Glyph> = {
  success: glyph(checkmarkCircle, 16),
  warning: glyph(warning, 16),
  danger: glyph(errorCircle, 16),
  info: glyph(info, 16),
  neutral: glyph(circle, 16),
};

export const INTEGRATION_ICON: Record<Integration, Glyph> = {
  microsoftGraph: glyph(flow, 24),
  entraId: glyph(personKey, 24),
  defenderXdr: glyph(shield, 24),
  teams: glyph(peopleTeam, 24),
  sharePoint: glyph(documentGlobe, 24),
  oneDrive: glyph(cloud, 24),
  outlook: glyph(mail, 24),
  intune: glyph(phoneLaptop, 24),
  excel: glyph(documentTable, 24),
  eDiscovery: glyph(gavel, 24),
  oneNote: glyph(notebook, 24),
};

function glyph(svg: string, size: number): Glyph {
  const path = Array.from(svg.matchAll(/ d="([^"]+)"/g), ([, d]) => d).join(" ");
  return { path, size };
}
