// Notices one at a time, with the number of the one that is shown. Nothing moves by itself.
"use strict";
{
  document.querySelectorAll("[data-carousel]").forEach((section) => {
    const slides = [...section.querySelectorAll("li")];
    const place = section.querySelector("[data-place]");
    let at = 0;
    const show = () => {
      slides.forEach((slide, number) => { slide.hidden = number !== at; });
      place.textContent = `${at + 1}/${slides.length}`;
    };
    const turn = (step) => { at = (at + step + slides.length) % slides.length; show(); };
    section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-turn]");
      if (button) turn(Number(button.dataset.turn));
    });
    section.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step && !event.ctrlKey && !event.altKey && !event.metaKey) { event.preventDefault(); turn(step); }
    });
    section.querySelector(".turn").hidden = false;
    show();
  });
}
