// Shows the network strip while the device has no network. The words stand in the page; nothing is fetched.

const strip = document.querySelector("[data-net]");
const show = () => {
  strip.hidden = navigator.onLine;
};

addEventListener("online", show);
addEventListener("offline", show);
show();
