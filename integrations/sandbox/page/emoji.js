/** Slack's short names for the emoji that turn up in this demo; any other name is shown as `:name:`, as Slack does. */

const NAMES = `
white_check_mark ✅,heavy_check_mark ✔️,ballot_box_with_check ☑️,x ❌,negative_squared_cross_mark ❎,no_entry ⛔,
no_entry_sign 🚫,warning ⚠️,rotating_light 🚨,bangbang ‼️,exclamation ❗,heavy_exclamation_mark ❗,grey_exclamation ❕,question ❓,
grey_question ❔,information_source ℹ️,sos 🆘,red_circle 🔴,large_orange_circle 🟠,
large_yellow_circle 🟡,large_green_circle 🟢,large_blue_circle 🔵,large_purple_circle 🟣,large_brown_circle 🟤,
white_circle ⚪,black_circle ⚫,large_red_square 🟥,large_orange_square 🟧,large_yellow_square 🟨,large_green_square 🟩,
large_blue_square 🟦,large_purple_square 🟪,white_large_square ⬜,black_large_square ⬛,small_blue_diamond 🔹,
small_orange_diamond 🔸,large_blue_diamond 🔷,large_orange_diamond 🔶,radio_button 🔘,recycle ♻️,
hourglass ⌛,hourglass_flowing_sand ⏳,alarm_clock ⏰,stopwatch ⏱️,timer_clock ⏲️,watch ⌚,clock1 🕐,clock3 🕒,clock4 🕓,
clock9 🕘,calendar 📅,date 📅,spiral_calendar_pad 🗓️,zzz 💤,bell 🔔,no_bell 🔕,mega 📣,loudspeaker 📢,
robot_face 🤖,adult 🧑,technologist 🧑‍💻,bust_in_silhouette 👤,busts_in_silhouette 👥,speaking_head_in_silhouette 🗣️,
raising_hand 🙋,raised_hand ✋,hand ✋,wave 👋,pray 🙏,clap 👏,+1 👍,thumbsup 👍,-1 👎,thumbsdown 👎,ok_hand 👌,
muscle 💪,point_right 👉,point_left 👈,point_up ☝️,point_down 👇,handshake 🤝,raised_hands 🙌,eyes 👀,eye 👁️,
speech_balloon 💬,left_speech_bubble 🗨️,thought_balloon 💭,iphone 📱,calling 📲,telephone_receiver 📞,telephone ☎️,phone ☎️,
email 📧,envelope ✉️,incoming_envelope 📨,envelope_with_arrow 📩,outbox_tray 📤,inbox_tray 📥,mailbox 📫,
mailbox_with_mail 📬,postbox 📮,package 📦,label 🏷️,memo 📝,pencil 📝,pencil2 ✏️,notebook 📓,clipboard 📋,
page_facing_up 📄,scroll 📜,bookmark 🔖,bookmark_tabs 📑,paperclip 📎,link 🔗,pushpin 📌,round_pushpin 📍,
lock 🔒,unlock 🔓,key 🔑,mag 🔍,mag_right 🔎,bulb 💡,gear ⚙️,wrench 🔧,hammer 🔨,toolbox 🧰,broom 🧹,wastebasket 🗑️,
arrows_counterclockwise 🔄,repeat 🔁,leftwards_arrow_with_hook ↩️,arrow_right_hook ↪️,arrow_right ➡️,arrow_left ⬅️,
arrow_up ⬆️,arrow_down ⬇️,arrow_forward ▶️,arrow_lower_left ↙️,arrow_upper_right ↗️,fast_forward ⏩,back 🔙,soon 🔜,
double_vertical_bar ⏸️,black_square_for_stop ⏹️,black_right_pointing_double_triangle_with_vertical_bar ⏭️,
checkered_flag 🏁,triangular_flag_on_post 🚩,waving_white_flag 🏳️,chart_with_upwards_trend 📈,bar_chart 📊,moneybag 💰,
credit_card 💳,receipt 🧾,shopping_trolley 🛒,shopping_bags 🛍️,gift 🎁,tada 🎉,sparkles ✨,star ⭐,fire 🔥,zap ⚡,boom 💥,
rocket 🚀,100 💯,trophy 🏆,heart ❤️,broken_heart 💔,green_heart 💚,blue_heart 💙,yellow_heart 💛,purple_heart 💜,
smile 😄,smiley 😃,grinning 😀,slightly_smiling_face 🙂,wink 😉,blush 😊,relaxed ☺️,joy 😂,sweat_smile 😅,heart_eyes 😍,
thinking_face 🤔,neutral_face 😐,confused 😕,disappointed 😞,cry 😢,open_mouth 😮,sob 😭,angry 😠,rage 😡,tired_face 😫,sweat 😓,
innocent 😇,sunglasses 😎,nerd_face 🤓,hugging_face 🤗,face_with_rolling_eyes 🙄,see_no_evil 🙈,ghost 👻,
sunflower 🌻,cactus 🌵,maple_leaf 🍁,ocean 🌊,tulip 🌷,shell 🐚,cherry_blossom 🌸,mushroom 🍄,palm_tree 🌴,rose 🌹,
four_leaf_clover 🍀,hibiscus 🌺,ear_of_rice 🌾,blossom 🌼,herb 🌿,fallen_leaf 🍂,seedling 🌱,bouquet 💐,crescent_moon 🌙,
sunny ☀️,cloud ☁️,umbrella ☂️,snowflake ❄️,rainbow 🌈,mountain ⛰️,snow_capped_mountain 🏔️,tent ⛺,camping 🏕️,
hiking_boot 🥾,mans_shoe 👞,evergreen_tree 🌲,deciduous_tree 🌳,earth_africa 🌍,globe_with_meridians 🌐,world_map 🗺️,
house 🏠,office 🏢,department_store 🏬,truck 🚚,car 🚗,airplane ✈️,ship 🚢,coffee ☕,beers 🍻,pizza 🍕,
camera 📷,frame_with_picture 🖼️,microphone 🎤,studio_microphone 🎙️,headphones 🎧,sound 🔉,mute 🔇,movie_camera 🎥,film_frames 🎞️,
computer 💻,desktop_computer 🖥️,floppy_disk 💾,electric_plug 🔌,battery 🔋,satellite_antenna 📡,bug 🐛,construction 🚧,
wheelchair ♿,new 🆕,free 🆓,ok 🆗,up 🆙,cool 🆒,one 1️⃣,two 2️⃣,three 3️⃣,four 4️⃣,five 5️⃣,
flag-es 🇪🇸,es 🇪🇸,flag-br 🇧🇷,flag-kr 🇰🇷,kr 🇰🇷,flag-gb 🇬🇧,gb 🇬🇧,flag-us 🇺🇸,us 🇺🇸,flag-fr 🇫🇷,fr 🇫🇷,flag-de 🇩🇪,de 🇩🇪,flag-it 🇮🇹,it 🇮🇹,
female-technologist 👩‍💻,male-technologist 👨‍💻,safety_vest 🦺,ticket 🎫,ladder 🪜,hot_face 🥵,
face_with_monocle 🧐,people_hugging 🫂,busstop 🚏,heavy_minus_sign ➖,heavy_plus_sign ➕,
heavy_multiplication_x ✖️,wavy_dash 〰️,curly_loop ➰,writing_hand ✍️,ear 👂,brain 🧠,crying_cat_face 😿`;

const GLYPHS = new Map(
  NAMES.split(",").map((entry) => {
    const [name, glyph] = entry.trim().split(" ");
    return [name, glyph];
  }),
);

/** The glyph of a short name, or null when this page does not know it. */
export function glyph(name) {
  const [base] = name.replace(/^:|:$/g, "").split("::");
  return GLYPHS.get(base) ?? null;
}

/** The glyph of a rich_text emoji element: its own code points when Slack sent them. */
export function elementGlyph(element) {
  if (!element.unicode) return glyph(element.name) ?? `:${element.name}:`;
  return element.unicode.split("-").map((point) => String.fromCodePoint(parseInt(point, 16))).join("");
}

/** Replace every known `:name:` in a text. */
export function withGlyphs(text) {
  return text.replace(/:([a-z0-9_+-]+):(?::skin-tone-\d:)?/g, (whole, name) => glyph(name) ?? whole);
}
