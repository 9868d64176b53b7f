// In a notebook's command mode a "2" makes a heading of the cell and an arrow goes to another cell, also while the
// keyboard is on one of our lists. What has the keyboard here therefore keeps its keys.
const keep = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");

export default {
  render({ el }) {
    let page = null;
    let waiting = 0;
    const begin = () => {
      page = el.closest(".wbf");
      if (page === null) {
        waiting = requestAnimationFrame(begin);
        return;
      }
      page.lang = "nl";
      page.addEventListener("focusin", keep);
    };
    begin();
    return () => {
      cancelAnimationFrame(waiting);
      page?.removeEventListener("focusin", keep);
    };
  },
};
