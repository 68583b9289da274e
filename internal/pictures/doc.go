// Package pictures fetches the pictures of articles, makes them fit for letters and keeps them.
//
// The rules:
//   - Whatever a server sends is foreign. How large it is is bounded; what it says of its content is not believed; and how many
//     pixels a file holds is known before they are unpacked.
//   - What is kept is made anew: upright, at most 1,200 px, JPEG, or PNG where that is not larger, and where it was
//     transparent on white, or on black if its ink is too pale for white. Nothing of the original but its pixels is in it: no place, no camera, no name. The same file gives the same picture.
//   - A kept picture is a file named by its content. It never changes, so letters may point to it for ever.
package pictures
