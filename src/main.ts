import { newId } from '@libs/kernel';
console.log(newId('file'));
