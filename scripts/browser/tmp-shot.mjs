import { chromium } from "playwright-core";
const server=process.env.S, browser=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox"]});
async function run(email,paths,opt={}){const c=await browser.newContext({locale:opt.locale??"en-US",colorScheme:opt.scheme??"light",viewport:{width:opt.w??1280,height:opt.h??860}});const p=await c.newPage();
 if(email){await p.goto(server+"/sign-in");await p.fill("#email",email);await p.fill("#password","seatline demo");await p.click("main button");await p.waitForTimeout(500);}
 for(const [n,path,click] of paths){await p.goto(server+path);if(click){await p.click(click);await p.waitForLoadState();}await p.screenshot({path:`/tmp/shots/${n}.png`,fullPage:opt.full??true});}
 await c.close();}
const jobs=JSON.parse(process.argv[2]);
for(const j of jobs)await run(j.email,j.paths,j.opt);
await browser.close();
