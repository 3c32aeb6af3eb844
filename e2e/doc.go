// Package e2e tests the command as its users meet it: as a program in a shell,
// and as a shop in a browser and in curl.
//
// main_test.go builds the command once a run; local_test.go runs "lambdasession
// local" on the sample shop. From there shop_*_test.go visit the shop,
// console_*_test.go watch such visits in the console, and watch_test.go changes
// what runs. The scripts are in testdata/script.
//
// The tests of pages begin with shop_tour_test.go, which shows each page of the
// shop once; shop_web_test.go checks what it is shown with axe-core and the Nu
// Html Checker, in the versions that web/package-lock.json pins.
//
// It needs curl, Chromium, npm and Java (Debian: apt-get install curl chromium
// npm openjdk-17-jre-headless), and what localtest needs for DynamoDB Local.
package e2e
