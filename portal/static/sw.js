/* Shows that there is news, and opens the portal when that is touched. It keeps no pages. */
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let news = {};
  try {
    news = event.data.json();
  } catch {
    // what cannot be read still is news
  }
  const { title = "村庄规划", body = "", path = "/" } = news;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag: path, data: { path } }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.path || "/", self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const open = pages.find((page) => new URL(page.url).pathname === target.pathname);
      await (open ? open.focus() : self.clients.openWindow(target.href));
    })(),
  );
});
