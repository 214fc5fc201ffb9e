/** What the client says itself, where the server does not say it. */

import type { Question, Refusal, Ruling } from "./machine.js";

const TEXTS = {
  en: {
    title: "Invalid License",
    expired: "Your license could not be renewed in time. Connect to the network and try again.",
    revoked: "Your license was taken back. Ask your administrator.",
    clock_rolled_back: "The clock of this device was set back. Set it right, or connect to the network, and try again.",
    unknown: "Your license could not be checked. Connect to the network and try again.",
    by_server: "You have no license for this. Ask your administrator.",
    details: (thing: string, reason: string) => `No license for ${thing}: ${reason}.`,
  },
  ko: {
    title: "잘못된 라이선스",
    expired: "라이선스를 제때 갱신하지 못했습니다. 네트워크에 연결한 후 다시 시도하세요.",
    revoked: "라이선스가 회수되었습니다. 관리자에게 문의하세요.",
    clock_rolled_back: "이 기기의 시계가 과거로 변경되었습니다. 시계를 맞추거나 네트워크에 연결한 후 다시 시도하세요.",
    unknown: "라이선스를 확인할 수 없습니다. 네트워크에 연결한 후 다시 시도하세요.",
    by_server: "이 기능에 대한 라이선스가 없습니다. 관리자에게 문의하세요.",
    details: (thing: string, reason: string) => `${thing}에 대한 라이선스 없음: ${reason}.`,
  },
};

export function ownRefusal({ how, reason }: Ruling, { service, component }: Question, language: string): Refusal {
  const texts = TEXTS[language.startsWith("ko") ? "ko" : "en"];
  const own = reason === "expired" || reason === "revoked" || reason === "clock_rolled_back" ? reason : "unknown";
  const message = texts[how === "refused" ? own : "by_server"];
  const details = texts.details(service ?? component ?? "", reason ?? "unknown");
  return { title: texts.title, code: "0x80050301", message, details, moreInfoUrl: null };
}
