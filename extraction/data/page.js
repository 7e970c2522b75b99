"use strict";
// All places of the finding that is looked at are outlined; without this script every link still works.
(() => {
  const cards = [...document.querySelectorAll(".finding")];
  const places = (card) => (card.dataset.places || "").split(" ").filter(Boolean).map((id) => document.getElementById(id));
  let current = null;
  const light = (card) => {
    document.querySelectorAll(".lit").forEach((place) => place.classList.remove("lit"));
    if (card) places(card).forEach((place) => place && place.classList.add("lit"));
  };
  const choose = (card) => {
    if (current) current.classList.remove("current");
    current = card;
    if (card) card.classList.add("current");
    light(card);
  };
  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && cards.includes(target)) {
      target.open = true;
      choose(target);
      target.scrollIntoView({ block: "nearest" });
    }
  };
  for (const card of cards) {
    card.addEventListener("mouseenter", () => light(card));
    card.addEventListener("mouseleave", () => light(current));
    card.addEventListener("click", () => choose(card));
    card.addEventListener("focusin", () => choose(card));
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = cards.filter((card) => !card.open);
    closed.forEach((card) => { card.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((card) => { card.open = false; }));
  addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });
  addEventListener("hashchange", arrive);
  arrive();
})();
