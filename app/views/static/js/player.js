// A lesson: reports to the server what is really watched or read. The server counts, by its own clock.
"use strict";
{
  const EVERY = 15;   // seconds of a lesson between two reports
  document.querySelectorAll("[data-player]").forEach((section) => {
    const video = section.querySelector("video");
    const token = section.querySelector("input[name=csrf_token]");
    const bar = document.querySelector("[data-player-bar]");
    const text = document.querySelector("[data-player-text]");
    const note = document.querySelector("[data-player-note]");
    let player = null, opening = null, sequence = 0, from = 0, at = 0, sending = Promise.resolve();

    const post = async (url, words) => {
      const answer = await fetch(url, {
        method: "POST", credentials: "same-origin", keepalive: true, headers: { Accept: "application/json" },
        body: new URLSearchParams({ csrf_token: token ? token.value : "", ...words }),
      });
      return { status: answer.status, words: await answer.json() };
    };
    const show = (now) => {
      bar.max = now.needed;
      bar.value = now.finished ? now.needed : Math.min(now.seconds, now.needed);
      bar.classList.toggle("done", now.finished);
      text.textContent = now.finished ? now.text || text.textContent : `${Math.min(99, Math.floor((100 * now.seconds) / now.needed))} %`;
      if (now.finished && section.dataset.done === undefined) {
        section.dataset.done = "";
        note.textContent = section.dataset.finished;
      }
    };
    const open = () => {
      opening ??= post(section.dataset.open, {}).then(({ words }) => { player = words; sequence = 0; return words; });
      return opening;
    };
    const report = (first, last) => {
      if (!player || last <= first) return;
      const words = { token: player.token, sequence: String(++sequence), from: String(first), to: String(last) };
      sending = sending.then(async () => {
        try {
          const { status, words: now } = await post(section.dataset.report, words);
          if (status === 200) { if (note.textContent === section.dataset.away) note.textContent = ""; show(now); }
          else if (now.text) { note.textContent = now.text; player = null; if (video) video.pause(); }
        } catch (error) {
          if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
          note.textContent = section.dataset.away;
        }
      });
    };

    if (video) {
      const flush = (end) => {
        const last = end ? Math.ceil(at) : Math.floor(at);
        if (last > from) { report(from, last); from = last; }
      };
      let placed = false;
      const resume = () => open().then((now) => {
        if (!placed && now.place > 0 && video.currentTime < 1) video.currentTime = now.place;
        placed = true;
      });
      video.addEventListener("play", () => { if (!player) opening = null; resume(); });
      video.addEventListener("timeupdate", () => {
        const now = video.currentTime;
        if (video.seeking) return;
        if (now < at || now - at > 2.5 * Math.max(1, video.playbackRate)) { flush(false); from = Math.ceil(now); }   // a leap
        at = now;
        if (at - from >= EVERY) flush(false);
      });
      video.addEventListener("seeking", () => flush(false));
      video.addEventListener("seeked", () => { at = video.currentTime; from = Math.floor(at); });
      video.addEventListener("pause", () => flush(false));
      video.addEventListener("ended", () => { at = video.duration; flush(true); });
      window.addEventListener("pagehide", () => flush(false));
    } else {
      const frame = section.querySelector("iframe"), link = section.querySelector("[data-paper]");
      let read = 0, since = null, elsewhere = false;
      // where no PDF is shown in the page (a phone), it is read in the tab that its link has opened
      if (link) link.addEventListener("click", () => { elsewhere = !frame || frame.offsetParent === null; });
      const tick = () => {
        const visible = document.visibilityState === "visible" || elsewhere;
        const now = performance.now();
        if (since !== null) read += (now - since) / 1000;
        since = visible ? now : null;
        if (player && section.dataset.done === undefined && read >= Math.min(EVERY, player.needed)) {
          const first = Math.max(player.seconds, Number(bar.value));
          report(first, first + Math.floor(read));
          read -= Math.floor(read);
        }
      };
      if (section.dataset.done === undefined) open().then(() => { tick(); window.setInterval(tick, 1000); });
      document.addEventListener("visibilitychange", () => {
        tick();
        if (document.visibilityState === "visible") elsewhere = false;
      });
    }
  });
}
